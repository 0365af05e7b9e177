/** How much one client and one keyset may ask of the server. */
@NullMarked
package dev.rollcall.server.limit;

import org.jspecify.annotations.NullMarked;
