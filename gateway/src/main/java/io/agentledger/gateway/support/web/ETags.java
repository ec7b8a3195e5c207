package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Versioned;
import java.net.URI;
import org.springframework.http.ResponseEntity;

/** Versions of things as entity tags, so that nobody overwrites what they have not seen. */
public final class ETags {
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
}
