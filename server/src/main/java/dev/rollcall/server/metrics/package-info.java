/** What the server counts, and the page that shows it to Prometheus. */
@NullMarked
package dev.rollcall.server.metrics;

import org.jspecify.annotations.NullMarked;
