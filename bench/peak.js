/** Preloaded into what is measured: tells at the end the most memory that the process had, in KiB, on stderr. */
process.on("exit", () => process.stderr.write(`maxrss ${process.resourceUsage().maxRSS}\n`));
