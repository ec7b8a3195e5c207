package io.agentledger.projection.audit;

import io.agentledger.api.audit.AuditEvent.Count;
import io.agentledger.api.audit.AuditEvent.DenialsCounted;
import io.agentledger.api.audit.Audited;
import io.agentledger.api.audit.NotAudited;
import io.agentledger.api.audit.Outcome;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.StableNames;
import io.agentledger.projection.audit.AuditRow.What;
import io.agentledger.projection.audit.AuditRow.Who;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.util.Locale;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one row for everything that somebody did at a door, in every family there is or will be:
 * that is told by the metadata, which names a person or an agent and from where they came; what a
 * run does by itself has no such source. Types say what is different: {@link NotAudited} is left
 * out, {@link Audited} is taken in.
 */
@ProcessingGroup(AuditProjection.GROUP)
class AuditProjection extends Projection {
  static final String GROUP = "audit";

  private final AuditRowRepository rows;

  AuditProjection(AuditRowRepository rows, PoisonEventIsolator handling) {
    super(handling);
    this.rows = rows;
  }

  /** Takes the message, not the payload: what is no act is not even read. */
  @EventHandler
  void on(EventMessage<?> message, ReplayStatus status) {
    var type = message.getPayloadType();
    var by = Provenance.of(message.getMetaData());
    var audited = type.getAnnotation(Audited.class);
    if (audited == null && !isAct(type, by)) return;
    if (message.getPayload() instanceof DenialsCounted denials) {
      denied(message, denials, by, status);
      return;
    }
    var outcome = audited == null ? Outcome.SUCCEEDED : audited.value();
    var what = what(message, StableNames.of(type), AuditDetails.of(message.getPayload()));
    keep(
        message.getIdentifier(),
        status,
        new AuditRow(
            message.getIdentifier(),
            what,
            who(by),
            outcome,
            AuditDetails.count(message.getPayload())));
  }

  private static boolean isAct(Class<?> type, Provenance by) {
    return by.actor().kind() != Actor.Kind.SERVICE
        && !(by.source().ip().isEmpty() && by.source().userAgent().isEmpty())
        && !type.isAnnotationPresent(NotAudited.class);
  }

  private void denied(
      EventMessage<?> message, DenialsCounted denials, Provenance by, ReplayStatus status) {
    int part = 0;
    for (Count count : denials.counts()) {
      String id = message.getIdentifier() + "." + part++;
      var what =
          new What(
              denials.since(),
              "DenialsCounted",
              "route",
              count.route(),
              AuditDetails.of(Map.of("kind", count.kind().wireName(), "node", denials.node())));
      var who =
          new Who(
              by.tenant().value(),
              null,
              null,
              known(count.credential()),
              known(count.ip()),
              null,
              by.request());
      keep(id, status, new AuditRow(id, what, who, Outcome.DENIED, count.count()));
    }
  }

  private void keep(String id, ReplayStatus status, AuditRow row) {
    keep(AuditRow.class, id, status, () -> row);
  }

  private static What what(EventMessage<?> message, String action, String details) {
    var fact = message instanceof DomainEventMessage<?> domain ? domain : null;
    return new What(
        message.getTimestamp(),
        action,
        fact == null ? "" : snake(fact.getType()),
        fact == null ? "" : fact.getAggregateIdentifier(),
        details);
  }

  private static Who who(Provenance by) {
    return new Who(
        by.tenant().value(),
        by.actor().kind().name().toLowerCase(Locale.ROOT),
        by.actor().id(),
        by.credential().value(),
        known(by.source().ip()),
        known(by.source().userAgent()),
        by.request());
  }

  private static @Nullable String known(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String snake(String type) {
    return type.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  @ResetHandler
  void reset() {
    rows.deleteAllInBatch();
  }
}
