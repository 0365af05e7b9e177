/**
 * For the tests of applications: a transport that sends nothing and answers what the test says, on a clock that the test moves. Not for
 * production.
 */
@NullMarked
package dev.rollcall.client.testing;

import org.jspecify.annotations.NullMarked;
