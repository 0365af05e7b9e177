package dev.rollcall.server.http;

import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of a request, whichever version of HTTP it came in. */
public interface RequestHead {
    /** Returns the method as sent. */
    String method();

    /** Returns the request target as sent. */
    String target();

    /** Returns the path of a target that begins with it and is known to be well formed, as sent; null where the target has to be looked at. */
    default @Nullable String path() {
        return null;
    }

    /** Returns what follows the first question mark of a target that has a {@link #path}, as sent, or null if there is none. */
    default @Nullable String query() {
        return null;
    }

    /** Returns the host that is asked, as sent, or null. */
    @Nullable
    String host();

    /** Returns the first header of that name, or null. */
    @Nullable
    String header(AsciiString name);

    /** Returns all headers of that name, in the order sent. */
    List<String> headers(AsciiString name);
}
