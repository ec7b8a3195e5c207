package io.agentledger.gateway.support.validation;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Users with whom a request shares a definition.
 *
 * @param listed whether the request shares it with listed users
 * @param requested null for none
 */
public record SharedUsers(boolean listed, @Nullable List<UserId> requested) {
  private static final String POINTER = "/shared_with";

  private List<UserId> requestedOrNone() {
    return requested == null ? List.of() : requested;
  }

  /** Checks that users are listed if, and only if, the request shares with listed users. */
  public void check() {
    if (listed && requestedOrNone().isEmpty())
      throw InvalidRequestException.body(POINTER, "is required with sharing users");
    if (!listed && !requestedOrNone().isEmpty())
      throw InvalidRequestException.body(POINTER, "must be given with sharing users only");
  }

  /** Returns each user once, sorted. */
  public List<UserId> sorted() {
    return requestedOrNone().stream()
        .distinct()
        .sorted(Comparator.comparing(UserId::value))
        .toList();
  }

  /** Returns the failure of the command; that of an unknown user has the pointer of the user. */
  public Throwable withPointer(Throwable failure) {
    return failure instanceof RejectionException rejected
            && rejected.rejection() instanceof NotFound(var type, var id)
            && type.equals("user")
        ? InvalidRequestException.body(
            POINTER + "/" + requestedOrNone().indexOf(new UserId(id)),
            "must be the id of an active user of the tenant")
        : failure;
  }
}
