package io.agentledger.gateway.session.prompt;

import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * An image of a query: the short form of an attachment of the type image.
 *
 * @param type null is the same as base64; the service fetches no addresses
 */
public record ImageRequest(
    @Nullable ImageEncoding type,
    @NotBlank(message = "is required")
        @Size(max = 100, message = "must be at most 100 characters")
        @SafeText
        String mediaType,
    @NotBlank(message = "must not be blank") String data) {
  /** Encoding of an image's data. */
  enum ImageEncoding {
    BASE64
  }
}
