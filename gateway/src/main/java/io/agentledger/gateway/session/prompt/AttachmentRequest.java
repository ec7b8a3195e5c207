package io.agentledger.gateway.session.prompt;

import io.agentledger.api.session.Attachment;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image or a document of a prompt, in the format of a block of Anthropic's Messages API.
 *
 * @param title of a document
 */
public record AttachmentRequest(
    @NotNull(message = "must be image or document") Attachment.AttachmentType type,
    @Nullable @Size(min = 1, max = 200, message = "must be 1 to 200 characters") @SafeText
        String title,
    @NotNull(message = "is required") @Valid SourceRequest source) {
  /** Encoding of an attachment's data. */
  enum Encoding {
    BASE64,
    TEXT
  }

  /**
   * Source of an attachment.
   *
   * @param mediaType for an image image/png, image/jpeg, image/gif or image/webp; for a document
   *     application/pdf, or text/plain with the type text
   */
  record SourceRequest(
      @NotNull(message = "must be base64 or text") Encoding type,
      @NotBlank(message = "is required")
          @Size(max = 100, message = "must be at most 100 characters")
          @SafeText
          String mediaType,
      @NotBlank(message = "must not be blank") String data) {}

  /** Returns the attachments of a query, its images last. */
  public static List<Attachment> toAttachments(
      @Nullable List<AttachmentRequest> requested, @Nullable List<ImageRequest> images) {
    var attachments = new ArrayList<Attachment>();
    if (requested != null)
      for (int i = 0; i < requested.size(); i++) {
        requested.get(i).rejectTitleOfImage("/attachments/" + i + "/title");
        attachments.add(requested.get(i).toAttachment("/attachments/" + i + "/source"));
      }
    if (images != null)
      for (int i = 0; i < images.size(); i++)
        attachments.add(from(images.get(i)).toAttachment("/images/" + i));
    requireCapacity(attachments, images == null ? "/attachments" : "/images");
    return attachments;
  }

  private static void requireCapacity(List<Attachment> attachments, String pointer) {
    if (attachments.size() > Attachment.COUNT_MAX)
      throw InvalidRequestException.body(pointer, "must be at most 20 with the attachments");
    long length = 0;
    for (var attachment : attachments) length += attachment.data().length();
    if (length > Attachment.LENGTH_MAX)
      throw InvalidRequestException.body(
          pointer, "must be at most 7000000 characters in all, attachments and images together");
  }

  private static AttachmentRequest from(ImageRequest image) {
    return new AttachmentRequest(
        Attachment.AttachmentType.IMAGE,
        null,
        new SourceRequest(Encoding.BASE64, image.mediaType(), image.data()));
  }

  private void rejectTitleOfImage(String pointer) {
    if (title != null && type == Attachment.AttachmentType.IMAGE)
      throw InvalidRequestException.body(pointer, "must be given with documents only");
  }

  /**
   * Creates the attachment after its source was checked.
   *
   * @param pointer position of the source in the body
   */
  private Attachment toAttachment(String pointer) {
    if (!type.mediaTypes().contains(source.mediaType()))
      throw InvalidRequestException.body(
          pointer + "/media_type", "must be one of " + String.join(", ", type.mediaTypes()));
    boolean text = source.mediaType().equals(Attachment.TEXT);
    if (text != (source.type() == Encoding.TEXT))
      throw InvalidRequestException.body(
          pointer + "/type", "must be text for text/plain, and base64 for all else");
    if (!text) checkData(pointer + "/data");
    return new Attachment(type, source.mediaType(), title == null ? "" : title, source.data());
  }

  private void checkData(String pointer) {
    byte[] bytes = decode();
    if (bytes.length == 0) throw InvalidRequestException.body(pointer, "must be base64");
    if (type == Attachment.AttachmentType.IMAGE && !isImage(bytes))
      throw InvalidRequestException.body(
          pointer, "must be an image of the type " + source.mediaType());
  }

  /** Returns the data; empty if it is not base64. */
  private byte[] decode() {
    try {
      return Base64.getDecoder().decode(source.data());
    } catch (IllegalArgumentException exception) {
      return new byte[0];
    }
  }

  /** Returns whether the data begins like an image of the media type. */
  private boolean isImage(byte[] bytes) {
    var start = new String(bytes, 0, Math.min(bytes.length, 12), StandardCharsets.ISO_8859_1);
    return switch (source.mediaType()) {
      case "image/png" -> start.startsWith("\u0089PNG\r\n\u001a\n");
      case "image/jpeg" -> start.startsWith("\u00ff\u00d8\u00ff");
      case "image/gif" -> start.startsWith("GIF87a") || start.startsWith("GIF89a");
      case "image/webp" -> start.startsWith("RIFF") && start.startsWith("WEBP", 8);
      default -> false;
    };
  }
}
