/**
 * How code runs: the one door through which everything goes that users wrote, executors that keep the order, and futures that can be
 * waited for anywhere. Not exported.
 */
@NullMarked
package dev.rollcall.client.run;

import org.jspecify.annotations.NullMarked;
