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

    /** Returns the host that is asked, as sent, or null. */
    @Nullable
    String host();

    /** Returns the first header of that name, or null. */
    @Nullable
    String header(AsciiString name);

    /** Returns all headers of that name, in the order sent. */
    List<String> headers(AsciiString name);
}
