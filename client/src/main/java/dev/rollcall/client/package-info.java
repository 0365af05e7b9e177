/**
 * The Java client of Rollcall: who is where, with which state, and who comes and goes; channel groups, messages and signals.
 *
 * <p>Start at {@link dev.rollcall.client.RollcallClient}; this package has what goes in and comes out of it. The calls it hands out are in
 * {@link dev.rollcall.client.call}, a list of who is here that keeps itself up to date in {@link dev.rollcall.client.roster}, access tokens in
 * {@link dev.rollcall.client.access}, how requests travel in {@link dev.rollcall.client.transport}, and what tests of applications need in
 * {@link dev.rollcall.client.testing}.
 *
 * <p>Inside, in reading order: {@code rest} turns a call into a request and an answer into a result or a
 * {@link dev.rollcall.client.RollcallException}; {@code session} keeps the service told of what one client wants, and is the long poll;
 * {@code run} is the door through which all code of users runs.
 */
@NullMarked
package dev.rollcall.client;

import org.jspecify.annotations.NullMarked;
