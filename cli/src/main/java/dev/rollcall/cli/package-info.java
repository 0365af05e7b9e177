/** The command line: what is asked of a running server, and what helps with that. Knows the client and the protocol only. */
@NullMarked
package dev.rollcall.cli;

import org.jspecify.annotations.NullMarked;
