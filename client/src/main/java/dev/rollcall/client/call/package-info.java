/**
 * The calls that {@link dev.rollcall.client.RollcallClient} hands out: builders that are put together and then made with {@code sync},
 * {@code future} or {@code async}.
 */
@NullMarked
package dev.rollcall.client.call;

import org.jspecify.annotations.NullMarked;
