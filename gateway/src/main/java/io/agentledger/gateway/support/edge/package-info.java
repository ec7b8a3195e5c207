/** What stands before the doors: how many may knock, how long, in what form, from which page. */
@NullMarked
package io.agentledger.gateway.support.edge;

import org.jspecify.annotations.NullMarked;
