package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageContent.Template;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Message to a contact: a text or a template.
 *
 * @param text CommonMark, which is translated to the platform's markup
 * @param template template that the platform has approved
 */
record ChatMessageRequest(
    @Nullable
        @Size(
            min = 1,
            max = ChatMessageContent.TEXT_LENGTH_MAX,
            message = "must be 1 to 20000 characters")
        String text,
    @Nullable @Valid TemplateRequest template) {
  /**
   * Template of the platform.
   *
   * @param language that of the template if omitted
   * @param parameters values of the placeholders in their order; none if omitted
   */
  record TemplateRequest(
      @NotBlank(message = "is required")
          @Size(max = 512, message = "must be at most 512 characters")
          String name,
      @Nullable @Size(max = 20, message = "must be at most 20 characters") String language,
      @Nullable
          @Size(max = ChatMessageContent.PARAMETERS_MAX, message = "must be at most 20 parameters")
          List<
                  @NotNull(message = "must be a text")
                  @Size(max = 1024, message = "must be at most 1024 characters") String>
              parameters) {
    Template toTemplate() {
      return new Template(
          name, language == null ? "" : language, parameters == null ? List.of() : parameters);
    }
  }

  ChatMessageContent toContent() {
    if ((text == null) == (template == null))
      throw InvalidRequestException.body("", "must have either text or template");
    if (text != null && text.isBlank())
      throw InvalidRequestException.body("/text", "must not be blank");
    return template == null
        ? ChatMessageContent.ofText(String.valueOf(text))
        : new ChatMessageContent("", "", List.of(), template.toTemplate());
  }
}
