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
      PoisonEventIsolator handling) {
    super(handling);
    this.templates = templates;
    this.versions = versions;
  }

  @EventHandler
  void on(TemplateCreated event, @Timestamp Instant at, MetaData by, ReplayStatus status) {
    String tenant = Provenance.of(by).tenant().value();
    var row = new TemplateRow(tenant, event, at);
    keep(TemplateRow.class, row.id(), status, () -> row);
    note(row, 0, by, at, status);
  }

  @EventHandler
  void on(
      TemplateEvent event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      MetaData by,
      ReplayStatus status) {
    if (event instanceof TemplateCreated) return; // It has a handler of its own.
    var template =
        templates
            .findById(event.templateId().value())
            .orElseThrow(() -> new IllegalStateException("no template " + event.templateId()));
    if (!template.isNews(number, at)) return;
    switch (event) {
      case TemplateCreated ignored -> {}
      case TemplateChanged changed -> template.says(changed);
      case TemplateArchived ignored -> template.archived(at);
    }
    note(template, number, by, at, status);
  }

  private void note(TemplateRow after, long number, MetaData by, Instant at, ReplayStatus status) {
    var key = new TemplateVersionKey(after.id(), number);
    keep(
        TemplateVersionRow.class,
        key,
        status,
        () -> new TemplateVersionRow(key, after, Provenance.of(by).actor().toString(), at));
  }

  @ResetHandler
  void reset() {
    versions.deleteAllInBatch();
    templates.deleteAllInBatch();
  }
}
