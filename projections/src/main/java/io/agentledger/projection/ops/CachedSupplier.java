package io.agentledger.projection.ops;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Supplier that caches its value for a short time, so that many callers cause one lookup. */
final class CachedSupplier<T> {
  private static final Logger log = LoggerFactory.getLogger(CachedSupplier.class);
  private static final Duration TTL = Duration.ofSeconds(2);

  private final Supplier<T> source;
  private Optional<T> found = Optional.empty();
  private long loadedNanos;
  private boolean loaded;

  CachedSupplier(Supplier<T> source) {
    this.source = source;
  }

  /** Returns the value; empty while the database is unavailable. */
  synchronized Optional<T> get() {
    if (loaded && System.nanoTime() - loadedNanos < TTL.toNanos()) return found;
    try {
      found = Optional.of(source.get());
    } catch (DataAccessException e) {
      log.atDebug().setCause(e).log("projections could not be measured");
      found = Optional.empty();
    }
    loadedNanos = System.nanoTime();
    loaded = true;
    return found;
  }
}
