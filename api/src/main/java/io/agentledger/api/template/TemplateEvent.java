package io.agentledger.api.template;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of a template. Its name is not sealed, its definition is. */
public sealed interface TemplateEvent {
  TemplateId templateId();

  /**
   * The template was created with version 1.
   *
   * @param sharedWith users who may use it, if it is shared with listed users; sorted
   * @param category empty for none
   * @param definition {@link TemplateDefinition} as JSON
   */
  @Revision("2")
  @StableName("TemplateCreated")
  record TemplateCreated(
      TemplateId templateId,
      UserId ownerId,
      TemplateSharing sharing,
      List<UserId> sharedWith,
      @ShownInAudit String name,
      @ShownInAudit String category,
      Content definition)
      implements TemplateEvent {}

  /**
   * The template was changed.
   *
   * @param sharedWith users who may use it, if it is shared with listed users; sorted
   * @param category empty for none
   * @param definition {@link TemplateDefinition} as JSON
   */
  @Revision("2")
  @StableName("TemplateChanged")
  record TemplateChanged(
      TemplateId templateId,
      long version,
      TemplateSharing sharing,
      List<UserId> sharedWith,
      @ShownInAudit String name,
      @ShownInAudit String category,
      Content definition)
      implements TemplateEvent {}

  /** The template was archived. */
  @Revision("1")
  @StableName("TemplateArchived")
  record TemplateArchived(TemplateId templateId) implements TemplateEvent {}

  /** The template was restored from the archive. */
  @Revision("1")
  @StableName("TemplateRestored")
  record TemplateRestored(TemplateId templateId) implements TemplateEvent {}
}
