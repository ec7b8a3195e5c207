package io.agentledger.projection.template;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.template.TemplateEvent;
import io.agentledger.api.template.TemplateEvent.TemplateArchived;
import io.agentledger.api.template.TemplateEvent.TemplateChanged;
import io.agentledger.api.template.TemplateEvent.TemplateCreated;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.MetaData;

/** Keeps one row for each template, and one for each of its versions. */
@ProcessingGroup(TemplateProjection.GROUP)
class TemplateProjection extends Projection {
  static final String GROUP = "template";

  private final TemplateRowRepository templates;
  private final TemplateVersionRowRepository versions;

  TemplateProjection(
      TemplateRowRepository templates,
      TemplateVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.templates = templates;
    this.versions = versions;
  }

  @EventHandler
  void on(TemplateCreated event, @Timestamp Instant at, MetaData metaData, ReplayStatus status) {
    String tenant = Provenance.of(metaData).tenant().value();
    var row = new TemplateRow(tenant, event, at);
    insertIfAbsent(TemplateRow.class, row.id(), status, () -> row);
    saveVersion(row, 0, metaData, at, status);
  }

  @EventHandler
  void on(
      TemplateEvent event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      MetaData metaData,
      ReplayStatus status) {
    if (event instanceof TemplateCreated) return; // It has a handler of its own.
    var template =
        templates
            .findById(event.templateId().value())
            .orElseThrow(() -> new IllegalStateException("no template " + event.templateId()));
    if (!template.advanceTo(number, at)) return;
    switch (event) {
      case TemplateCreated ignored -> {}
      case TemplateChanged changed -> template.update(changed);
      case TemplateArchived ignored -> template.archive(at);
    }
    saveVersion(template, number, metaData, at, status);
  }

  private void saveVersion(
      TemplateRow row, long number, MetaData metaData, Instant at, ReplayStatus status) {
    var key = new TemplateVersionKey(row.id(), number);
    insertIfAbsent(
        TemplateVersionRow.class,
        key,
        status,
        () -> new TemplateVersionRow(key, row, Provenance.of(metaData).actor().toString(), at));
  }

  @ResetHandler
  void reset() {
    versions.deleteAllInBatch();
    templates.deleteAllInBatch();
  }
}
