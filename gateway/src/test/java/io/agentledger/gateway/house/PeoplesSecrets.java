package io.agentledger.gateway.house;

import io.agentledger.gateway.house.PlantedSecretsIT.Plant;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people hand in when they join and sign in, and what they are handed out once. */
final class PeoplesSecrets {
  private static final String AUTH = "/api/v1/auth";
  private static final String FIRST = "the first password";

  private final Wire admin;
  private final Wire nobody;
  private int people;

  PeoplesSecrets(Wire admin) {
    this.admin = admin;
    this.nobody = new Wire(admin.base(), "");
  }

  /** Somebody with an address and, once they have joined, a password. */
  private record Person(String email, String invitation) {}

  /** Passwords and tokens that are handed in, rightly and wrongly. */
  List<Plant> plants() {
    return List.of(
        new Plant("a password of one who joins", 201, s -> join(invite(), s)),
        new Plant("a password that is too long", 400, s -> join(invite(), s.repeat(40))),
        new Plant("an invitation that is not known", 410, s -> join(new Person("", s), s)),
        new Plant("a password of one who may not join", 403, this::register),
        new Plant("a password of nobody", 401, s -> signIn("nobody@example.com", s)),
        new Plant(
            "a password that is wrong", 401, s -> signIn(joined("another one of hers").email(), s)),
        new Plant("the next password", 204, s -> change(joined(FIRST), s)),
        new Plant(
            "a refresh token that is not known",
            401,
            s -> nobody.send("POST", AUTH + "/refresh", Map.of("refresh_token", s))),
        new Plant(
            "a login to end that is not known",
            204,
            s -> nobody.send("POST", AUTH + "/logout", Map.of("refresh_token", s))));
  }

  /** Has secrets of each kind issued and used. */
  List<Needles> issued() throws IOException, InterruptedException {
    var issued = new ArrayList<Needles>();
    var ada = invite();
    issued.add(Needles.of("an invitation", ada.invitation()));
    join(ada, "correct horse battery");
    var tokens = tree(signIn(ada.email(), "correct horse battery"));
    issued.add(needles("an access token", tokens, "access_token"));
    issued.add(needles("a refresh token", tokens, "refresh_token"));
    var refresh = Map.of("refresh_token", tokens.path("refresh_token").asString());
    var next = nobody.post(AUTH + "/refresh", refresh);
    issued.add(needles("the next access token", next, "access_token"));
    issued.add(needles("the next refresh token", next, "refresh_token"));
    var herself = as(next);
    issued.add(needles("a ticket", herself.post(AUTH + "/tickets", Map.of()), "ticket"));
    var key = herself.post("/api/v1/keys", Map.of("name", "hers"));
    issued.add(needles("a key", key, "secret"));
    var rotated =
        herself.post("/api/v1/keys/" + key.path("key_id").asString() + "/rotate", Map.of());
    issued.add(needles("a rotated key", rotated, "secret"));
    nobody.send("POST", AUTH + "/refresh", refresh); // Used twice: all of them are over.
    return issued;
  }

  /** What an admin is shown of all this. */
  String shown() throws IOException, InterruptedException {
    return ""
        + admin.get("/api/v1/users")
        + admin.get("/api/v1/keys?all=true")
        + admin.get("/api/v1/invitations");
  }

  private static Needles needles(String what, JsonNode answer, String field) {
    return Needles.of(what, answer.path(field).asString());
  }

  private Person invite() throws IOException, InterruptedException {
    var email = "person" + people++ + "@example.com";
    var issued = admin.post("/api/v1/invitations", Map.of("email", email, "role", "member"));
    return new Person(email, issued.path("token").asString());
  }

  private Person joined(String password) throws IOException, InterruptedException {
    var person = invite();
    join(person, password);
    return person;
  }

  private HttpResponse<String> join(Person person, String password)
      throws IOException, InterruptedException {
    return nobody.send(
        "POST",
        "/api/v1/invitations/accept",
        Map.of("token", person.invitation(), "name", "Ada", "password", password));
  }

  private HttpResponse<String> register(String password) throws IOException, InterruptedException {
    return nobody.send(
        "POST",
        AUTH + "/register",
        Map.of("email", "eve@example.com", "name", "Eve", "password", password));
  }

  private HttpResponse<String> signIn(String email, String password)
      throws IOException, InterruptedException {
    return nobody.send("POST", AUTH + "/login", Map.of("email", email, "password", password));
  }

  private HttpResponse<String> change(Person person, String password)
      throws IOException, InterruptedException {
    return as(tree(signIn(person.email(), FIRST)))
        .send(
            "POST",
            AUTH + "/password",
            Map.of("current_password", FIRST, "new_password", password));
  }

  private Wire as(JsonNode tokens) {
    return new Wire(admin.base(), tokens.path("access_token").asString());
  }

  private static JsonNode tree(HttpResponse<String> answer) {
    return new JsonMapper().readTree(answer.body());
  }
}
