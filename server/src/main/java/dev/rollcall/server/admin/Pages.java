package dev.rollcall.server.admin;

import dev.rollcall.engine.directory.Page;
import java.util.function.BiConsumer;

/** Pages of lists, as all lists of the API have them: the entries, where the next page begins, and whether something may be missing. */
final class Pages {
    private Pages() {}

    static Shape shape(String name, Shape item) {
        return Shape.object(
                Shape.list(name, "The entries.", item),
                Shape.maybe(Shape.text("next", "Where the next page begins, for cursor; not there on the last.")),
                Shape.flag("partial", "Whether there may be more that was not looked for, or cannot be found."));
    }

    static <T> byte[] body(String name, Page<T> page, BiConsumer<JsonOut, T> item) {
        return JsonOut.object(json -> json.list(name, page.items(), entry -> json.item(one -> item.accept(one, entry)))
                .text("next", page.next())
                .flag("partial", page.partial()));
    }
}
