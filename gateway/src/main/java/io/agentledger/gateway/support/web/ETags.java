package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Versioned;
import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/** Converts versions to entity tags, which prevent lost updates. */
public final class ETags {
  private ETags() {}

  /** Creates the response with the current state of an object. */
  public static <V extends Versioned> ResponseEntity<V> okWithTag(V view) {
    return ResponseEntity.ok().eTag(toTag(view)).body(view);
  }

  /** Creates the response to the creation of an object, with its location. */
  public static <V extends Versioned> ResponseEntity<V> createdWithTag(V view, String path, Id id) {
    return ResponseEntity.created(URI.create(path + "/" + id)).eTag(toTag(view)).body(view);
  }

  /** Creates the response without a body to a change, with the tag of the new state. */
  public static ResponseEntity<Void> noContentWithTag(Versioned view) {
    return ResponseEntity.noContent().header(HttpHeaders.ETAG, toTag(view)).build();
  }

  private static String toTag(Versioned view) {
    return "\"" + view.version() + "\"";
  }
}
