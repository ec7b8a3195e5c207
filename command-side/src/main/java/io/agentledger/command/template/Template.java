package io.agentledger.command.template;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.template.TemplateCommand;
import io.agentledger.api.template.TemplateCommand.ArchiveTemplate;
import io.agentledger.api.template.TemplateCommand.ChangeTemplate;
import io.agentledger.api.template.TemplateCommand.CreateTemplate;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateEvent;
import io.agentledger.api.template.TemplateEvent.TemplateArchived;
import io.agentledger.api.template.TemplateEvent.TemplateChanged;
import io.agentledger.api.template.TemplateEvent.TemplateCreated;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateSharing;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One template, version by version. What it says passes through sealed and is not kept. */
@Aggregate(type = "Template")
@SuppressWarnings("NullAway.Init") // The first event fills it.
class Template {
  private static final JsonMapper JSON = JsonMappers.mapper();

  @AggregateIdentifier private TemplateId id;
  private @Nullable String tenant;
  private UserId owner;
  private TemplateSharing sharing;
  private long version;
  private boolean archived;

  Template() {}

  /** What may not be seen is none: the answer does not tell them apart. */
  @CommandHandlerInterceptor
  void authorize(TemplateCommand command, MetaData metaData) {
    if (id == null) return;
    var caller = Caller.of(metaData);
    boolean isOwn =
        caller
            .map(
                principal ->
                    principal.user().equals(owner) || principal.has(Scope.SESSIONS_WRITE_ALL))
            .orElse(true);
    if (!Objects.equals(tenant, metaData.get(Provenance.TENANT))
        || !isOwn && sharing == TemplateSharing.PRIVATE)
      throw new RejectionException(new NotFound("template", command.templateId().value()));
    if (!isOwn) throw new RejectionException(new Forbidden());
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  TemplateId create(CreateTemplate command, Sealer sealer) {
    if (id != null) return id;
    var definition =
        sealed(command.templateId(), TemplateCreated.class, command.definition(), sealer);
    apply(
        new TemplateCreated(
            command.templateId(),
            command.ownerId(),
            command.sharing(),
            command.name(),
            definition));
    return command.templateId();
  }

  /** The present terms are sealed and cannot be compared: the same again is a version, too. */
  @CommandHandler
  long change(ChangeTemplate command, Sealer sealer) {
    if (archived) throw new RejectionException(new Archived("template", id.value()));
    if (version != command.version())
      throw new RejectionException(new VersionConflict("template", version));
    var definition = sealed(id, TemplateChanged.class, command.definition(), sealer);
    apply(new TemplateChanged(id, version + 1, command.sharing(), command.name(), definition));
    return version;
  }

  @CommandHandler
  void archive(ArchiveTemplate command) {
    if (!archived) apply(new TemplateArchived(id));
  }

  private static Content sealed(
      TemplateId id,
      Class<? extends TemplateEvent> event,
      TemplateDefinition definition,
      Sealer sealer) {
    return sealer.seal(id, event, "definition", JSON.writeValueAsString(definition));
  }

  @EventSourcingHandler
  void on(TemplateCreated event, @MetaDataValue(Provenance.TENANT) @Nullable String tenantId) {
    id = event.templateId();
    tenant = tenantId;
    owner = event.ownerId();
    sharing = event.sharing();
    version = 1;
  }

  @EventSourcingHandler
  void on(TemplateChanged event) {
    sharing = event.sharing();
    version = event.version();
  }

  @EventSourcingHandler
  void on(TemplateArchived event) {
    archived = true;
  }
}
