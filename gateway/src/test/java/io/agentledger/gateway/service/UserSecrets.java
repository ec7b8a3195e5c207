package io.agentledger.gateway.service;

import io.agentledger.gateway.service.SecretLeakIT.PlantedSecret;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Secrets that users submit when they join and sign in, and secrets that they receive. */
final class UserSecrets {
  private static final String AUTH = "/api/v1/auth";
  private static final String FIRST = "the first password";

  private final RawApiClient admin;
  private final RawApiClient anonymous;
  private int userCount;

  UserSecrets(RawApiClient admin) {
    this.admin = admin;
    this.anonymous = new RawApiClient(admin.base(), "");
  }

  /** An invited user with an address and, after joining, a password. */
  private record InvitedUser(String email, String invitation) {}

  /** Returns passwords and tokens of valid and invalid requests. */
  List<PlantedSecret> plants() {
    return List.of(
        new PlantedSecret("a password of one who joins", 201, s -> join(invite(), s)),
        new PlantedSecret("a password that is too long", 400, s -> join(invite(), s.repeat(40))),
        new PlantedSecret(
            "an invitation that is not known", 410, s -> join(new InvitedUser("", s), s)),
        new PlantedSecret("a password of one who may not join", 403, this::register),
        new PlantedSecret("a password of nobody", 401, s -> signIn("nobody@example.com", s)),
        new PlantedSecret(
            "a password that is wrong", 401, s -> signIn(joined("another one of hers").email(), s)),
        new PlantedSecret("the next password", 204, s -> change(joined(FIRST), s)),
        new PlantedSecret(
            "a refresh token that is not known",
            401,
            s -> anonymous.send("POST", AUTH + "/refresh", Map.of("refresh_token", s))),
        new PlantedSecret(
            "a login to end that is not known",
            204,
            s -> anonymous.send("POST", AUTH + "/logout", Map.of("refresh_token", s))));
  }

  /** Issues and uses secrets of each kind. */
  List<SecretEncodings> issuedSecrets() throws IOException, InterruptedException {
    var issued = new ArrayList<SecretEncodings>();
    var ada = invite();
    issued.add(SecretEncodings.encode("an invitation", ada.invitation()));
    join(ada, "correct horse battery");
    var tokens = tree(signIn(ada.email(), "correct horse battery"));
    issued.add(needles("an access token", tokens, "access_token"));
    issued.add(needles("a refresh token", tokens, "refresh_token"));
    var refresh = Map.of("refresh_token", tokens.path("refresh_token").asString());
    var next = anonymous.post(AUTH + "/refresh", refresh);
    issued.add(needles("the next access token", next, "access_token"));
    issued.add(needles("the next refresh token", next, "refresh_token"));
    var herself = clientOf(next);
    issued.add(needles("a ticket", herself.post(AUTH + "/tickets", Map.of()), "ticket"));
    var key = herself.post("/api/v1/keys", Map.of("name", "hers"));
    issued.add(needles("a key", key, "secret"));
    var rotated =
        herself.post("/api/v1/keys/" + key.path("key_id").asString() + "/rotate", Map.of());
    issued.add(needles("a rotated key", rotated, "secret"));
    anonymous.send("POST", AUTH + "/refresh", refresh); // The second use ends the login.
    return issued;
  }

  /** Checks and returns the responses to an admin that list these objects. */
  String assertIssued() throws IOException, InterruptedException {
    return ""
        + admin.get("/api/v1/users")
        + admin.get("/api/v1/keys?all=true")
        + admin.get("/api/v1/invitations");
  }

  private static SecretEncodings needles(String what, JsonNode answer, String field) {
    return SecretEncodings.encode(what, answer.path(field).asString());
  }

  private InvitedUser invite() throws IOException, InterruptedException {
    var email = "user" + userCount++ + "@example.com";
    var issued = admin.post("/api/v1/invitations", Map.of("email", email, "role", "member"));
    return new InvitedUser(email, issued.path("token").asString());
  }

  private InvitedUser joined(String password) throws IOException, InterruptedException {
    var user = invite();
    join(user, password);
    return user;
  }

  private HttpResponse<String> join(InvitedUser user, String password)
      throws IOException, InterruptedException {
    return anonymous.send(
        "POST",
        "/api/v1/invitations/accept",
        Map.of("token", user.invitation(), "name", "Ada", "password", password));
  }

  private HttpResponse<String> register(String password) throws IOException, InterruptedException {
    return anonymous.send(
        "POST",
        AUTH + "/register",
        Map.of("email", "eve@example.com", "name", "Eve", "password", password));
  }

  private HttpResponse<String> signIn(String email, String password)
      throws IOException, InterruptedException {
    return anonymous.send("POST", AUTH + "/login", Map.of("email", email, "password", password));
  }

  private HttpResponse<String> change(InvitedUser user, String password)
      throws IOException, InterruptedException {
    return clientOf(tree(signIn(user.email(), FIRST)))
        .send(
            "POST",
            AUTH + "/password",
            Map.of("current_password", FIRST, "new_password", password));
  }

  private RawApiClient clientOf(JsonNode tokens) {
    return new RawApiClient(admin.base(), tokens.path("access_token").asString());
  }

  private static JsonNode tree(HttpResponse<String> response) {
    return new JsonMapper().readTree(response.body());
  }
}
