// To be imported before a program: prints the most memory it held when it ends.
process.on("exit", () => process.stderr.write(`peak ${process.resourceUsage().maxRSS} kB\n`));
