/** What arrives, whichever version of HTTP it came in: a request while it is put together, and why it is refused. */
@NullMarked
package dev.rollcall.server.http.body;

import org.jspecify.annotations.NullMarked;
