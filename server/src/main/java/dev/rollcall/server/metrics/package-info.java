/** What the server counts, and the admin port that shows it. */
@NullMarked
package dev.rollcall.server.metrics;

import org.jspecify.annotations.NullMarked;
