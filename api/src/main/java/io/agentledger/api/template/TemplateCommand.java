package io.agentledger.api.template;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for templates. */
@StableName("template")
public sealed interface TemplateCommand {
  @TargetAggregateIdentifier
  TemplateId templateId();

  /**
   * Answered with the {@link TemplateId}, or with the first one's when repeated.
   *
   * @param name at most 255 characters
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("CreateTemplate")
  record CreateTemplate(
      TemplateId templateId,
      UserId ownerId,
      TemplateSharing sharing,
      String name,
      TemplateDefinition definition,
      @Nullable Idempotency idempotency)
      implements TemplateCommand, Idempotent {}

  /**
   * Puts other terms in the place of the present ones; the owner's and the admins' to say. Sessions
   * that were opened from it stay as they are.
   *
   * @param version that the change is based on; that another one has been there meanwhile is
   *     refused
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ChangeTemplate")
  record ChangeTemplate(
      TemplateId templateId,
      TemplateSharing sharing,
      String name,
      TemplateDefinition definition,
      long version)
      implements TemplateCommand {}

  /** It can be used no more, for good; its history stays. Twice is once. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ArchiveTemplate")
  record ArchiveTemplate(TemplateId templateId) implements TemplateCommand {}
}
