import type { Attack } from "./attack.ts";
import { BODY_ATTACKS } from "./body_attacks.ts";
import { DESCRIPTOR_ATTACKS } from "./descriptor_attacks.ts";
import { PAGE_ATTACKS } from "./page_attacks.ts";
import { RIGHTS_ATTACKS } from "./rights_attacks.ts";

/** All attacks that need no other program. */
export const ATTACKS: readonly Attack[] = [
  ...BODY_ATTACKS,
  ...DESCRIPTOR_ATTACKS,
  ...PAGE_ATTACKS,
  ...RIGHTS_ATTACKS,
];
