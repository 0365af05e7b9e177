/**
 * The way from a node to Redis: which server is the master of which partition, the connections to it, and the topics followed there. What
 * is wanted is written down and held against what Redis has confirmed, again and again; no connection is trusted only because nobody has
 * closed it. Knows nothing of presence. Start reading at {@link dev.rollcall.engine.redis.link.Link}.
 */
@NullMarked
package dev.rollcall.engine.redis.link;

import org.jspecify.annotations.NullMarked;
