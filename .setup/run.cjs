// What `npm start` and `npm test` call first. Plain syntax, so that an old Node reaches the sentence below.
var path = require("path");
var url = require("url");

var wanted = 20;
if (Number(process.versions.node.split(".")[0]) < wanted) {
	console.error(
		"Node " +
			process.versions.node +
			" is too old: install Node " +
			wanted +
			" or later (https://nodejs.org), then run the command again.",
	);
	process.exit(1);
}

var command = process.argv[2];
import(url.pathToFileURL(path.join(__dirname, command + ".mjs")).href)
	.then(function (chosen) {
		return chosen.main(process.argv.slice(3));
	})
	.then(
		function (code) {
			process.exit(code);
		},
		function (error) {
			// A Problem's message is the sentence to print; anything else is a fault of ours and keeps its trace.
			console.error(error.plain ? error.message : error.stack);
			process.exit(1);
		},
	);
