package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChatCommand.SentFile;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageContent.Template;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.VisibleText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Message to a contact: a text and files, or a template.
 *
 * @param text CommonMark, which is translated to the platform's markup
 * @param template template that the platform has approved
 * @param attachments files, sent after the text
 */
record ChatMessageRequest(
    @Nullable
        @Size(
            min = 1,
            max = ChatMessageContent.TEXT_LENGTH_MAX,
            message = "must be 1 to 20000 characters")
        @VisibleText
        String text,
    @Nullable @Valid TemplateRequest template,
    @Nullable @Size(min = 1, max = ChatMessageContent.MEDIA_MAX, message = "must be 1 to 10 files")
        List<@NotNull(message = "must be a file") @Valid FileRequest> attachments) {
  /**
   * File of a message.
   *
   * @param mediaType must be of the kind of the bytes; that of the bytes if omitted
   * @param data base64
   */
  record FileRequest(
      @NotBlank(message = "is required")
          @Size(max = 100, message = "must be at most 100 characters")
          @SafeText
          String name,
      @Nullable @Size(max = 100, message = "must be at most 100 characters") @SafeText
          String mediaType,
      @NotBlank(message = "must not be blank") String data) {
    private SentFile toFile(String pointer) {
      try {
        Base64.getDecoder().decode(data);
      } catch (IllegalArgumentException exception) {
        throw InvalidRequestException.body(pointer + "/data", "must be base64");
      }
      return new SentFile(name, mediaType == null ? "" : mediaType, data);
    }
  }

  /**
   * Template of the platform.
   *
   * @param language that of the template if omitted
   * @param parameters values of the placeholders in their order; none if omitted
   */
  record TemplateRequest(
      @NotBlank(message = "is required")
          @Size(max = 512, message = "must be at most 512 characters")
          @SafeText
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
    if ((text == null && attachments == null) == (template == null))
      throw InvalidRequestException.body(
          "", "must have a text, attachments, or both; or a template");
    if (text != null && text.isBlank())
      throw InvalidRequestException.body("/text", "must not be blank");
    return template == null
        ? ChatMessageContent.ofText(text == null ? "" : text)
        : new ChatMessageContent("", "", List.of(), template.toTemplate());
  }

  List<SentFile> toFiles() {
    if (attachments == null) return List.of();
    long length = 0;
    var files = new ArrayList<SentFile>();
    for (var attachment : attachments) {
      length += attachment.data().length();
      files.add(attachment.toFile("/attachments/" + files.size()));
    }
    if (length > ChatMessageContent.MEDIA_LENGTH_MAX)
      throw InvalidRequestException.body(
          "/attachments", "must be at most 7000000 characters of base64 in all");
    return files;
  }
}
