// The compiler. It has a package.json of its own here, so that it is installed sooner than all that the project needs.
export { default } from "assemblyscript/asc";
