/** What the operating system asks of the process. */
@NullMarked
package dev.rollcall.server.signal;

import org.jspecify.annotations.NullMarked;
