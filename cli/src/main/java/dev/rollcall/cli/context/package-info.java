/** Which server, with which keys: flags, variables and contexts. */
@NullMarked
package dev.rollcall.cli.context;

import org.jspecify.annotations.NullMarked;
