/**
 * What one client is subscribed to, and how the service is kept told of it. {@code Session} is the door; everything in here runs on its
 * serial executor, one event at a time. {@code Subscriptions} and {@code States} are what the client wants, {@code Lane} is the one queue
 * through which the service hears of it, in order; {@code SubscribeLoop} is the long poll, {@code HeartbeatLoop} the signs of life. Not
 * exported.
 */
@NullMarked
package dev.rollcall.client.session;

import org.jspecify.annotations.NullMarked;
