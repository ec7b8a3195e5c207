package io.agentledger.gateway.session.workspace;

import java.util.Locale;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;

/**
 * Body that is a file itself, of any media type: the bytes are stored as they are. Handlers read it
 * from the request, because Spring offers a body of curl's default type, {@code
 * application/x-www-form-urlencoded}, only as form data.
 */
final class UploadBody {
  private UploadBody() {}

  /** Returns the bytes of the body; refuses a form, whose boundaries would be stored, too. */
  static Flux<DataBuffer> read(ServerHttpRequest request) {
    var type = request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE); // As it was sent.
    if (type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/"))
      throw new ResponseStatusException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "The body must be the file itself, not a form: send it with curl --data-binary @FILE (or"
              + " --upload-file FILE) instead of -F, as application/octet-stream.");
    return request.getBody();
  }
}
