/** Gives a text that was checked, or made from checked parts, the brand of its id. The only place where a brand comes from. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller's return type says which brand
export function brand<Id extends string>(checked: string): Id {
  return checked as Id
}
