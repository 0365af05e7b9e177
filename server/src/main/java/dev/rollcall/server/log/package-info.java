/** What the server says while it runs: facts with keys, on standard error. */
@NullMarked
package dev.rollcall.server.log;

import org.jspecify.annotations.NullMarked;
