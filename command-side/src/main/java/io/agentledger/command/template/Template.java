package io.agentledger.command.template;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.template.TemplateCommand.ArchiveTemplate;
import io.agentledger.api.template.TemplateCommand.ChangeTemplate;
import io.agentledger.api.template.TemplateCommand.CreateTemplate;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateEvent.TemplateArchived;
import io.agentledger.api.template.TemplateEvent.TemplateChanged;
import io.agentledger.api.template.TemplateEvent.TemplateCreated;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateSharing;
import io.agentledger.command.support.ConfigurationAggregate;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/** Template with its versions. Its content is sealed and not kept in memory. */
@Aggregate(type = "Template")
@SuppressWarnings("NullAway.Init") // The first event sets it.
class Template extends ConfigurationAggregate<TemplateId> {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private UserId owner;
  private TemplateSharing sharing;

  Template() {}

  /** A private template of another user is not found; a shared one may only be read. */
  @Override
  protected void checkAccess(MetaData metaData) {
    boolean isOwn =
        Caller.of(metaData)
            .map(caller -> caller.user().equals(owner) || caller.has(Scope.SESSIONS_WRITE_ALL))
            .orElse(true);
    if (!isOwn && sharing == TemplateSharing.PRIVATE) throw notFound();
    if (!isOwn) throw new RejectionException(new Forbidden());
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  TemplateId create(CreateTemplate command, Sealer sealer) {
    if (id != null) return id;
    var definition =
        seal(command.templateId(), TemplateCreated.class, command.definition(), sealer);
    apply(
        new TemplateCreated(
            command.templateId(),
            command.ownerId(),
            command.sharing(),
            command.name(),
            command.category(),
            definition));
    return command.templateId();
  }

  /**
   * Changes the template. Sealed content cannot be compared, so an unchanged template is a new
   * version, too.
   */
  @CommandHandler
  long change(ChangeTemplate command, Sealer sealer) {
    requireNotArchived();
    requireVersion(command.version());
    var definition = seal(id, TemplateChanged.class, command.definition(), sealer);
    apply(
        new TemplateChanged(
            id, version + 1, command.sharing(), command.name(), command.category(), definition));
    return version;
  }

  @CommandHandler
  void archive(ArchiveTemplate command) {
    if (!archived) apply(new TemplateArchived(id));
  }

  private static Content seal(
      TemplateId id, Class<?> event, TemplateDefinition definition, Sealer sealer) {
    return sealer.seal(id, event, "definition", JSON.writeValueAsString(definition));
  }

  @EventSourcingHandler
  void on(TemplateCreated event, TenantId tenant) {
    create(event.templateId(), tenant);
    owner = event.ownerId();
    sharing = event.sharing();
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
