/**
 * A presence server for tests, whose clock the tests move: "after five minutes of silence the others see them go", in milliseconds.
 * {@link dev.rollcall.testkit.RollcallTestServer} for any test framework, {@link dev.rollcall.testkit.RollcallTest} for JUnit.
 */
@NullMarked
package dev.rollcall.testkit;

import org.jspecify.annotations.NullMarked;
