// What every command of package.json calls first: start and test have a file of their own, the others are in tools.mjs. Plain syntax, so that an old Node reaches the sentence below.
var path = require("path");
var url = require("url");

if (process.platform === "win32") {
	console.error(
		"Windows itself is not supported: install WSL (https://learn.microsoft.com/windows/wsl/install), then clone the project and run the command inside it.",
	);
	process.exit(1);
}

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
var own = ["start", "test", "reset"].indexOf(command) >= 0;
var file = own ? command + ".mjs" : "tools.mjs";
import(url.pathToFileURL(path.join(__dirname, file)).href)
	.then(function (chosen) {
		return chosen.main(process.argv.slice(3), command);
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
