/**
 * The bench: measures the server beside a bare server, the limit of the platform, and beside peers, in one run on one machine. {@link
 * dev.rollcall.bench.Main} is the way in, {@code suite} has the benches, {@code load} the load generator, {@code process} the servers
 * under measurement, {@code report} figures and tables.
 */
@NullMarked
package dev.rollcall.bench;

import org.jspecify.annotations.NullMarked;
