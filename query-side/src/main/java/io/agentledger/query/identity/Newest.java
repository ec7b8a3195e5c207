package io.agentledger.query.identity;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.query.support.Cursors;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.springframework.data.domain.Limit;

/** A place in a list that is newest first; the id decides among those of one microsecond. */
record Newest(Instant at, String id) {
  /** Behind everything. */
  private static final Newest FIRST = new Newest(Instant.parse("9999-01-01T00:00:00Z"), "");

  static Newest after(Cursors cursors, PageRequest request, String... list) {
    return cursors.place(request, list).map(Newest::parse).orElse(FIRST);
  }

  private static Newest parse(String place) {
    int space = place.indexOf(' ');
    return new Newest(Instant.parse(place.substring(0, space)), place.substring(space + 1));
  }

  /** One row more than is shown tells whether there is another page. */
  static Limit oneMore(PageRequest request) {
    return Limit.of(request.limit() + 1);
  }

  /** Of rows that were read with {@link #oneMore}. */
  static <R> Page<R> page(
      List<R> rows, PageRequest request, Function<R, Newest> place, Function<Newest, String> next) {
    if (rows.size() <= request.limit()) return new Page<>(rows, null);
    var items = rows.subList(0, request.limit());
    return new Page<>(items, next.apply(place.apply(items.getLast())));
  }

  @Override
  public String toString() {
    return at + " " + id;
  }
}
