package io.agentledger.projection.support;

import java.util.function.BiFunction;
import org.axonframework.eventhandling.DomainEventMessage;
import org.springframework.data.jpa.repository.JpaRepository;

/** Base class of configuration projections that also keep one row for each version. */
public abstract class VersionedProjection<R extends VersionedRow, V extends VersionRow>
    extends ConfigurationProjection<R> {
  private final VersionRepository<V> versions;
  private final BiFunction<R, DomainEventMessage<?>, V> toVersion;

  protected VersionedProjection(
      JpaRepository<R, String> rows,
      VersionRepository<V> versions,
      BiFunction<R, DomainEventMessage<?>, V> toVersion,
      PoisonEventIsolator poisonEventIsolator) {
    super(rows, poisonEventIsolator);
    this.versions = versions;
    this.toVersion = toVersion;
  }

  @Override
  protected final void onChanged(R row, DomainEventMessage<?> message) {
    V version = toVersion.apply(row, message);
    insertIfAbsent(version.key(), version, message);
  }

  @Override
  protected void reset() {
    versions.deleteAllInBatch();
    super.reset();
  }
}
