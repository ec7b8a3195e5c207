package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyTerms;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.Permissions.Ruling;
import io.agentledger.command.claude.policy.Permissions.ToolUse;
import io.agentledger.command.claude.policy.Permissions.Whose;
import io.agentledger.command.claude.policy.Policies;
import io.agentledger.command.permission.PoliciesInForce.InForce;
import io.agentledger.command.support.RecentlyUsed;
import io.agentledger.store.permission.ClosedPaths;
import io.agentledger.store.permission.Groups;
import io.agentledger.store.permission.RuleBook;
import java.util.List;
import java.util.Optional;

/**
 * Asks the policies that count for a session: which ones, the database says each time; what they
 * say is kept ready, version by version.
 */
final class Judges implements Policies, HostPolicies, PathPolicies, Statute {
  /** Rule books that are kept ready; each is made again within milliseconds. */
  private static final int BOOKS_MAX = 512;

  private final PoliciesInForce policies;
  private final GroupsInForce groups;
  private final RecentlyUsed books = new RecentlyUsed(BOOKS_MAX);

  Judges(PoliciesInForce policies, GroupsInForce groups) {
    this.policies = policies;
    this.groups = groups;
  }

  @Override
  public int countOf(TenantId tenant) {
    return policies.countOf(tenant);
  }

  @Override
  public void check(TenantId tenant, PolicyTerms terms) {
    RuleBook.Policy.check(terms, groups.of(tenant));
  }

  @Override
  public Word word(Whose whose, ToolUse use) {
    Book book = book(whose);
    Optional<Ruling> ruling =
        book.rules()
            .judge(use.ruled())
            .map(
                judged ->
                    switch (judged.effect()) {
                      case DENY -> Ruling.denied(judged.words());
                      case ASK -> Ruling.asked(judged.words()).within(judged.rule().patience());
                      case ALLOW -> Ruling.allowed(judged.words());
                    });
    return new Word(ruling, book.permitsBypass(), book.groups());
  }

  @Override
  public Closed closedTo(Whose whose) {
    RuleBook rules = book(whose).rules();
    return new Closed() {
      @Override
      public Optional<String> closes(String host) {
        return rules.closes(host);
      }

      @Override
      public boolean areAny() {
        return rules.closesHosts();
      }
    };
  }

  @Override
  public ClosedPaths pathsClosedTo(Whose whose) {
    return book(whose).rules().closedPaths();
  }

  private record Book(RuleBook rules, boolean permitsBypass, Groups groups) {}

  /**
   * What is changed between the two looks makes a newer book under an older key: never asked again.
   */
  private Book book(Whose whose) {
    List<InForce> key = policies.of(whose);
    Book known = books.get(key);
    if (known != null) return known;
    Book made = make(whose);
    books.put(key, made);
    return made;
  }

  private Book make(Whose whose) {
    Groups own = groups.of(whose.tenant());
    List<RuleBook.Policy> compiled =
        policies.textsOf(whose).stream()
            .map(
                text ->
                    new RuleBook.Policy(
                        new PolicyId(text.of().policyId()), text.name(), text.terms(), own))
            .toList();
    return new Book(
        new RuleBook(compiled), compiled.stream().anyMatch(RuleBook.Policy::permitsBypass), own);
  }
}
