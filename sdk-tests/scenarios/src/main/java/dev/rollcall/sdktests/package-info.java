/** What any SDK must see of a Rollcall server, told once in the words of the suite and run through each SDK. */
@NullMarked
package dev.rollcall.sdktests;

import org.jspecify.annotations.NullMarked;
