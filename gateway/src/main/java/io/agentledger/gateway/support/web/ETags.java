package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Versioned;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ResponseStatusException;

/** Versions of things as entity tags, so that nobody overwrites what they have not seen. */
public final class ETags {
  private static final Pattern TAG = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

  private ETags() {}

  /** The answer that shows a thing as it stands. */
  public static <V extends Versioned> ResponseEntity<V> okWithTag(V view) {
    return ResponseEntity.ok().eTag(toTag(view)).body(view);
  }

  /** The answer to whoever made it, and where it is from now on. */
  public static <V extends Versioned> ResponseEntity<V> createdWithTag(V view, String path, Id id) {
    return ResponseEntity.created(URI.create(path + "/" + id)).eTag(toTag(view)).body(view);
  }

  private static String toTag(Versioned view) {
    return "\"" + view.version() + "\"";
  }

  /** The version that a change is based on; a change that names none is refused. */
  public static long requireVersion(@Nullable String ifMatch) {
    if (ifMatch == null) throw new ResponseStatusException(HttpStatus.PRECONDITION_REQUIRED);
    var tag = TAG.matcher(ifMatch.strip());
    if (!tag.matches())
      throw InvalidRequestException.header("If-Match", "must be the ETag of a response");
    return Long.parseLong(tag.group(1));
  }
}
