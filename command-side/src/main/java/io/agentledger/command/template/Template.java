package io.agentledger.command.template;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.template.TemplateCommand.ArchiveTemplate;
import io.agentledger.api.template.TemplateCommand.ChangeTemplate;
import io.agentledger.api.template.TemplateCommand.CreateTemplate;
import io.agentledger.api.template.TemplateCommand.RestoreTemplate;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateEvent.TemplateArchived;
import io.agentledger.api.template.TemplateEvent.TemplateChanged;
import io.agentledger.api.template.TemplateEvent.TemplateCreated;
import io.agentledger.api.template.TemplateEvent.TemplateRestored;
import io.agentledger.api.template.TemplateId;
import io.agentledger.command.support.SharedAggregate;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/** Template with its versions. Its content is sealed and not kept in memory. */
@Aggregate(type = "Template")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Template extends SharedAggregate<TemplateId> {
  private static final JsonMapper JSON = JsonMappers.mapper();

  Template() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  TemplateId create(
      CreateTemplate command, TenantId owningTenant, TenantMembership members, Sealer sealer) {
    if (id != null) return id;
    requireMembers(command.sharedWith(), owningTenant, members);
    var definition =
        seal(command.templateId(), TemplateCreated.class, command.definition(), sealer);
    apply(
        new TemplateCreated(
            command.templateId(),
            command.ownerId(),
            command.sharing(),
            command.sharedWith(),
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
  long change(ChangeTemplate command, TenantMembership members, Sealer sealer) {
    requireNotArchived();
    requireVersion(command.version());
    requireMembers(command.sharedWith(), members);
    var definition = seal(id, TemplateChanged.class, command.definition(), sealer);
    apply(
        new TemplateChanged(
            id,
            version + 1,
            command.sharing(),
            command.sharedWith(),
            command.name(),
            command.category(),
            definition));
    return version;
  }

  @CommandHandler
  void archive(ArchiveTemplate command) {
    if (!archived) apply(new TemplateArchived(id));
  }

  @CommandHandler
  void restore(RestoreTemplate command) {
    if (archived) apply(new TemplateRestored(id));
  }

  private static Content seal(
      TemplateId id, Class<?> event, TemplateDefinition definition, Sealer sealer) {
    return sealer.seal(id, event, "definition", JSON.writeValueAsString(definition));
  }

  @EventSourcingHandler
  void on(TemplateCreated event, TenantId tenant) {
    create(event.templateId(), tenant);
    share(event.ownerId(), event.sharing().viewers(event.sharedWith()));
  }

  @EventSourcingHandler
  void on(TemplateChanged event) {
    share(event.sharing().viewers(event.sharedWith()));
    version = event.version();
  }

  @EventSourcingHandler
  void on(TemplateArchived event) {
    archived = true;
  }

  @EventSourcingHandler
  void on(TemplateRestored event) {
    archived = false;
  }
}
