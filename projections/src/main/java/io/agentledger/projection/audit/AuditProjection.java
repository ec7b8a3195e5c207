package io.agentledger.projection.audit;

import io.agentledger.api.audit.AuditEvent.Count;
import io.agentledger.api.audit.AuditEvent.DenialsCounted;
import io.agentledger.api.audit.Audited;
import io.agentledger.api.audit.NotAudited;
import io.agentledger.api.audit.Outcome;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.StableNames;
import io.agentledger.projection.audit.AuditRow.AuditedAction;
import io.agentledger.projection.audit.AuditRow.AuditedCaller;
import io.agentledger.projection.audit.AuditRow.AuditedChanges;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import io.agentledger.projection.support.ReplayRowWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Keeps one row for every event that a user or an agent caused by a request to the API, in every
 * event family. The metadata decides: it contains the actor and the source of the request; events
 * of a run have no source. Types can override this: {@link NotAudited} excludes an event, {@link
 * Audited} includes it.
 */
@ProcessingGroup(AuditProjection.GROUP)
class AuditProjection extends Projection {
  static final String GROUP = "audit";

  private static final Pattern WORD_START = Pattern.compile("([a-z])([A-Z])");

  private final AuditRowRepository rows;
  private final ReplayRowWriter<AuditRow> replayed;
  private final ConfigurationStates states;

  AuditProjection(
      AuditRowRepository rows,
      ConfigurationStates states,
      JdbcTemplate sql,
      PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.rows = rows;
    this.replayed = new ReplayRowWriter<>(sql, AuditRow.COLUMNS, AuditRow::write);
    this.states = states;
  }

  /**
   * Handles the message and not the payload, so that payloads of other events than audited ones and
   * those of configurations are not deserialized.
   */
  @EventHandler
  void on(EventMessage<?> message, ReplayStatus status) {
    var type = message.getPayloadType();
    var changes =
        ConfigurationEvents.include(type) && message instanceof DomainEventMessage<?> event
            ? states.update(event)
            : AuditedChanges.NONE;
    var provenance = Provenance.of(message.getMetaData());
    var audited = type.getAnnotation(Audited.class);
    if (audited == null && !isAuditable(type, provenance)) return;
    if (message.getPayload() instanceof DenialsCounted denials) {
      insertDenials(message, denials, provenance, status);
      return;
    }
    var outcome = audited == null ? Outcome.SUCCEEDED : audited.value();
    var auditedAction =
        toAction(message, StableNames.of(type), AuditDetails.toJson(message.getPayload()));
    insertIfAbsent(
        message.getIdentifier(),
        status,
        new AuditRow(
            message.getIdentifier(),
            auditedAction,
            toCaller(provenance),
            outcome,
            AuditDetails.count(message.getPayload()),
            changes));
  }

  private static boolean isAuditable(Class<?> type, Provenance provenance) {
    return provenance.actor().type() != Actor.ActorType.SERVICE
        && !(provenance.source().ip().isEmpty() && provenance.source().userAgent().isEmpty())
        && !type.isAnnotationPresent(NotAudited.class);
  }

  private void insertDenials(
      EventMessage<?> message, DenialsCounted denials, Provenance provenance, ReplayStatus status) {
    int part = 0;
    for (Count count : denials.counts()) {
      String id = message.getIdentifier() + "." + part++;
      var auditedAction =
          new AuditedAction(
              denials.since(),
              StableNames.of(DenialsCounted.class),
              "route",
              count.route(),
              AuditDetails.toJson(
                  new TreeMap<>(
                      Map.of("reason", count.reason().wireName(), "node", denials.node()))));
      var actor = count.actor().isEmpty() ? null : Actor.parse(count.actor());
      var auditedCaller =
          new AuditedCaller(
              provenance.tenant().value(),
              actor == null ? null : actor.type().name().toLowerCase(Locale.ROOT),
              actor == null ? null : actor.id(),
              emptyToNull(count.credentialId()),
              emptyToNull(count.ip()),
              emptyToNull(count.userAgent()),
              count.firstRequestId().isEmpty() ? provenance.request() : count.firstRequestId(),
              emptyToNull(count.lastRequestId()));
      insertIfAbsent(
          id,
          status,
          new AuditRow(
              id,
              auditedAction,
              auditedCaller,
              Outcome.DENIED,
              count.count(),
              AuditedChanges.NONE));
    }
  }

  private void insertIfAbsent(String id, ReplayStatus status, AuditRow row) {
    if (status.isReplay()) replayed.add(row, CurrentUnitOfWork.get().root());
    else insertIfAbsent(AuditRow.class, id, status, () -> row);
  }

  @Override
  protected void writePending(UnitOfWork<?> batch) {
    replayed.write(batch);
  }

  private static AuditedAction toAction(EventMessage<?> message, String action, String details) {
    var event = message instanceof DomainEventMessage<?> domain ? domain : null;
    return new AuditedAction(
        message.getTimestamp(),
        action,
        event == null ? "" : snake(event.getType()),
        event == null ? "" : event.getAggregateIdentifier(),
        details);
  }

  private static AuditedCaller toCaller(Provenance provenance) {
    return new AuditedCaller(
        provenance.tenant().value(),
        provenance.actor().type().name().toLowerCase(Locale.ROOT),
        provenance.actor().id(),
        provenance.credential().value(),
        emptyToNull(provenance.source().ip()),
        emptyToNull(provenance.source().userAgent()),
        provenance.request(),
        null);
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String snake(String type) {
    return WORD_START.matcher(type).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
  }

  @ResetHandler
  void reset() {
    rows.deleteAllInBatch();
    states.deleteAll();
  }
}
