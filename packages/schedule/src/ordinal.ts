/** Such as `1st`, `22nd`. */
export function ordinal(day: number): string {
  const unit = day >= 11 && day <= 13 ? 0 : day % 10
  return `${day}${['th', 'st', 'nd', 'rd'][unit] ?? 'th'}`
}
