package io.agentledger.api.template;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for templates. */
@StableName("template")
public sealed interface TemplateCommand extends ApiCommand {
  @TargetAggregateIdentifier
  TemplateId templateId();

  /**
   * Creates a template and returns its {@link TemplateId}; a repeated command returns the id of the
   * first one.
   *
   * @param sharedWith users who may use it, if it is shared with listed users; sorted, at most
   *     {@link io.agentledger.api.identity.Viewers#USERS_MAX}
   * @param name at most 255 characters
   * @param category empty for none
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("CreateTemplate")
  record CreateTemplate(
      TemplateId templateId,
      UserId ownerId,
      TemplateSharing sharing,
      List<UserId> sharedWith,
      String name,
      String category,
      TemplateDefinition definition,
      @Nullable Idempotency idempotency)
      implements TemplateCommand, Idempotent {}

  /**
   * Replaces the definition of a template; permitted to the owner and admins. Sessions that were
   * opened from it do not change.
   *
   * @param category empty for none
   * @param version version that the change is based on; the command is rejected if the template has
   *     another version
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ChangeTemplate")
  record ChangeTemplate(
      TemplateId templateId,
      TemplateSharing sharing,
      List<UserId> sharedWith,
      String name,
      String category,
      TemplateDefinition definition,
      long version)
      implements TemplateCommand {}

  /** Archives the template: it cannot be used. Its history stays. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ArchiveTemplate")
  record ArchiveTemplate(TemplateId templateId) implements TemplateCommand {}

  /** Restores an archived template; permitted to the owner and admins. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("RestoreTemplate")
  record RestoreTemplate(TemplateId templateId, @Nullable Idempotency idempotency)
      implements TemplateCommand, Idempotent {}
}
